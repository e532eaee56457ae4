/** Every bound of the module in one place. What is over a bound is refused with a `TooLargeError` that names it. */
export const limits = {
  /** Characters of a namespace, application, profile or document name. */
  nameLengthMax: 128,
  /** Profiles that one subscriber may stack. */
  profilesMax: 16,
  /** Documents of one scope, all profiles together. Keeps a release's record within one znode. */
  documentsMax: 500,
  /** Changes in one release: each may need a check of its own in the multi that publishes it. */
  changesMax: 200,
  /** Bytes of one document, as UTF-8. */
  documentBytesMax: 8 * 1024 * 1024,
  /** Bytes in one znode: below ZooKeeper's `jute.maxbuffer` of 1 MiB, less what a request adds. */
  znodeBytesMax: 768 * 1024,
  /** Bytes of stored documents that ride along in the pointer, so that most subscribers need one read and no second. */
  inlineBytesMax: 16 * 1024,
  /** Bytes of the states that the subscriptions of one process share. */
  statesBytesMax: 16 * 1024 * 1024,
  /** Bytes of the paths that the multi of one release checks outside its scope: some hundreds of applications at least. */
  reliedBytesMax: 64 * 1024,
  /** How deep a document may nest. */
  treeDepthMax: 64,
  /** Values in one document. */
  treeValuesMax: 100_000,
  /** Characters of an author or of a comment. */
  commentLengthMax: 2048,
  /** Labels of one subscriber. */
  labelsMax: 32,
  /** Stages of one gradual release. */
  stagesMax: 16,
  /** JSON schemas bound to one scope. */
  schemasMax: 100,
  /** Combinations of profiles that a release is validated for. */
  profileSetsMax: 200,
  /** Subscribers that one process hosts, those that linger included. */
  hostedMax: 10_000,
  /** Issues listed in one `ValidationError`. */
  issuesMax: 100,
} as const;
