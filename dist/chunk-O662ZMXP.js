import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
function isWell({outcome}){return outcome==="done"||outcome==="found"}export{isWell};
