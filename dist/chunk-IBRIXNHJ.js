var SIMULATOR_TOKEN="the-simulators-token-is-public",EXAMPLE_WORLD=`workspaces:
  - id: 60aaaaaaaaaaaaaaaaaaaa01
    title: Example lab
    currency: GBP
    balance: 500.00
    project: 60bbbbbbbbbbbbbbbbbbbb01
    studies:
      - id: 60cccccccccccccccccccc01
        name: Stroop replication, session 1
        reward: 2.00
        submissions:
          - { id: 60dddddddddddddddddddd01, participant: 60eeeeeeeeeeeeeeeeeeee01, status: APPROVED, completed: -2d }
          - { id: 60dddddddddddddddddddd02, participant: 60eeeeeeeeeeeeeeeeeeee02, status: APPROVED, completed: -2d }
          - { id: 60dddddddddddddddddddd03, participant: 60eeeeeeeeeeeeeeeeeeee03, status: AWAITING REVIEW, completed: -2d }
          - { id: 60dddddddddddddddddddd04, participant: 60eeeeeeeeeeeeeeeeeeee04, status: RETURNED, completed: -1d }
      - id: 60cccccccccccccccccccc02
        name: Stroop replication, session 2
        reward: 2.50
        submissions:
          - { id: 60dddddddddddddddddddd05, participant: 60eeeeeeeeeeeeeeeeeeee01, status: APPROVED, completed: -1d }
          - { id: 60dddddddddddddddddddd06, participant: 60eeeeeeeeeeeeeeeeeeee02, status: AWAITING REVIEW, completed: -1d }
          - { id: 60dddddddddddddddddddd07, participant: 60eeeeeeeeeeeeeeeeeeee03, status: AWAITING REVIEW, completed: -1d }
          - { id: 60dddddddddddddddddddd08, participant: 60eeeeeeeeeeeeeeeeeeee05, status: ACTIVE, started: -1h }
    groups:
      - id: 60ffffffffffffffffffff01
        name: stroop-wave-1
        description: Took part in wave 1
        members: [60eeeeeeeeeeeeeeeeeeee01]
`;export{SIMULATOR_TOKEN,EXAMPLE_WORLD};
