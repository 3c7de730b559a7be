"""Plays the steps of a scene with boto3, and prints what it saw. Used by peers.test.ts.

stdin:  {"url": ..., "steps": [{"operation", "input"}]}
stdout: [{"output"} | {"error", "message", "turkErrorCode"?, "status"}, with "requestId"]
"""

import datetime
import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore import xform_name


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def play(client, url, operation, given):
    if operation.startswith("/"):
        request = urllib.request.Request(f"{url}/_simulator{operation}", json.dumps(given).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return {"output": json.load(answer)}
    try:
        output = getattr(client, xform_name(operation))(**given)
        metadata = output.pop("ResponseMetadata")
        return {"output": plain(output), "requestId": metadata["RequestId"]}
    except ClientError as error:
        seen = {
            "error": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            "requestId": error.response["ResponseMetadata"]["RequestId"],
        }
        if "TurkErrorCode" in error.response:
            seen["turkErrorCode"] = error.response["TurkErrorCode"]
        return seen


scene = json.load(sys.stdin)
# Without its own checks boto3 sends what it should not, so that the simulator's can be compared.
config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
client = boto3.client("mturk", endpoint_url=scene["url"], region_name="us-east-1", config=config)
json.dump([play(client, scene["url"], step["operation"], step["input"]) for step in scene["steps"]], sys.stdout)
