var SIMULATOR_CREDENTIALS={accessKeyId:"AKIASIMULATOR0000000",secretAccessKey:"the-simulators-secret-is-public-00000000"},EXAMPLE_WORLD=`balance: 500.00

hits:
  - id: 3EXAMPLEHIT1STROOPWAVE00000001
    title: Stroop replication, session 1
    reward: 2.00
    maxAssignments: 4
    created: -3d
    assignments:
      - { id: 3EXAMPLEASSIGNMENT000000000001, worker: A1EXAMPLE00001, status: Submitted, submitted: -2d }
      - { id: 3EXAMPLEASSIGNMENT000000000002, worker: A1EXAMPLE00002, status: Submitted, submitted: -2d }
      - { id: 3EXAMPLEASSIGNMENT000000000003, worker: A1EXAMPLE00003, status: Submitted, submitted: -2d }
      - { id: 3EXAMPLEASSIGNMENT000000000004, worker: A1EXAMPLE00004, status: Submitted, submitted: -1d }
  - id: 3EXAMPLEHIT2STROOPWAVE00000002
    title: Stroop replication, session 2
    reward: 2.50
    maxAssignments: 3
    created: -2d
    assignments:
      - { id: 3EXAMPLEASSIGNMENT000000000005, worker: A1EXAMPLE00001, status: Submitted, submitted: -1d }
      - { id: 3EXAMPLEASSIGNMENT000000000006, worker: A1EXAMPLE00002, status: Submitted, submitted: -1d }
      - { id: 3EXAMPLEASSIGNMENT000000000007, worker: A1EXAMPLE00003, status: Submitted, submitted: -1d }
  - id: 3EXAMPLEHIT3DEBRIEFING00000003
    title: Debriefing
    reward: 0.50
    maxAssignments: 5
    created: -2d
    assignments:
      - { id: 3EXAMPLEASSIGNMENT000000000008, worker: A1EXAMPLE00005, status: Submitted, submitted: -1d }

qualificationTypes:
  - id: 3EXAMPLEQUALIFICATION000000001
    name: stroop-wave-1
    description: Took part in wave 1
    holders:
      - { worker: A1EXAMPLE00001, score: 80 }
`;export{SIMULATOR_CREDENTIALS,EXAMPLE_WORLD};
