import{asking,connectGitHub}from"./chunk-JG25QAVD.js";import"./chunk-XE4GGXDU.js";import"./chunk-BGDHZDQJ.js";import"./chunk-D67J6ZRD.js";import"./chunk-URE7IEYO.js";export{asking,connectGitHub};
