var NO_RULES={pullRequest:void 0,blocksForce:!1,blocksDeletion:!1,checks:[],turnsAway:[]};export{NO_RULES};
