import{startSimulator}from"./chunk-PMLDFA7M.js";import"./chunk-BPZMYA5G.js";import"./chunk-IHS7BVPK.js";import"./chunk-VID7QMPK.js";import"./chunk-URE7IEYO.js";export{startSimulator};
