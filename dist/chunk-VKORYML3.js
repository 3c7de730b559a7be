import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
function isHandedOver({stopped,rows,held=[]}){let left=rows.filter(row=>!isWell(row));return stopped?.cause==="time"&&held.length===0&&left.every(({outcome})=>outcome==="not-sent")}function isWell({outcome}){return outcome==="done"||outcome==="found"}export{isHandedOver,isWell};
