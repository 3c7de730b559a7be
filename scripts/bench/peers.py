"""Pays bonuses one after another with boto3, as the MTurk guides teach. stdin: [{"worker", "assignment"}]; argument: endpoint."""

import json
import sys

import boto3

client = boto3.client(
    "mturk",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="AKIASIMULATOR0000000",
    aws_secret_access_key="the-simulators-secret-is-public-00000000",
)
for n, row in enumerate(json.load(sys.stdin)):
    client.send_bonus(
        WorkerId=row["worker"],
        AssignmentId=row["assignment"],
        BonusAmount="1.25",
        Reason="Thank you.",
        UniqueRequestToken=f"bench-{n}",
    )
