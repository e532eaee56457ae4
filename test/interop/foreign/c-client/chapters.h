/* The chapters of the program; each starts with sessions of its own and leaves nothing that the next one could meet.
 * `cuttable` is another way to the same server, which the runner cuts and mends on request. */
#ifndef CHAPTERS_H
#define CHAPTERS_H

void chapter_operations(const char *servers);
void chapter_multi(const char *servers);
void chapter_access(const char *servers);
void chapter_watches(const char *servers, const char *cuttable);
void chapter_asynchronous(const char *servers);
void chapter_sessions(const char *servers, const char *cuttable);

#endif
