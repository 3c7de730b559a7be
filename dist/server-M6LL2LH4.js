import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{startSimulator}from"./chunk-7QBFITXJ.js";import"./chunk-IH2EJMO4.js";import"./chunk-GGNGG3LO.js";import"./chunk-DCDLG45Y.js";import"./chunk-SORVOMMK.js";export{startSimulator};
