import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
function workersOf(plan){let workers=new Set;for(let step of plan.steps)step.kind!=="create-type"&&workers.add(step.worker);for(let{worker}of[...plan.settled,...plan.held])workers.add(worker);return workers}export{workersOf};
