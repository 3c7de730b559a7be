import{SECRET_LENGTH,idOfSecret,labKeyOf}from"./chunk-HT5NJZVW.js";import"./chunk-FROC672P.js";import"./chunk-7SE6BKZW.js";import"./chunk-URE7IEYO.js";export{SECRET_LENGTH,idOfSecret,labKeyOf};
