import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
var NO_RULES={pullRequest:void 0,blocksForce:!1,blocksDeletion:!1,checks:[],turnsAway:[]};export{NO_RULES};
