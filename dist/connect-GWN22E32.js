import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{clockOf,connect,connectToPay,endpointOf}from"./chunk-5RM73CVG.js";import"./chunk-AGXR2I5O.js";import"./chunk-T3JUPP2D.js";import"./chunk-CGGQS4PQ.js";import"./chunk-TVJVNFJ6.js";import"./chunk-UOUKIILU.js";import"./chunk-SORVOMMK.js";export{clockOf,connect,connectToPay,endpointOf};
