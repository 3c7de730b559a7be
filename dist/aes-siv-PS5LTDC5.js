import{SECRET_LENGTH,idOfSecret,labKeyOf}from"./chunk-NWKNC6TI.js";import"./chunk-7SE6BKZW.js";import"./chunk-FROC672P.js";import"./chunk-URE7IEYO.js";export{SECRET_LENGTH,idOfSecret,labKeyOf};
