export type { TreeChange } from './tree-cache/cached-tree.js';
export { TreeCache, type TreeCacheOptions, type TreeCacheState } from './tree-cache/tree-cache.js';
