import{asking,connectGitHub}from"./chunk-4TJC2LJD.js";import"./chunk-5LEVSF4K.js";import"./chunk-BGDHZDQJ.js";import"./chunk-D67J6ZRD.js";import"./chunk-URE7IEYO.js";export{asking,connectGitHub};
