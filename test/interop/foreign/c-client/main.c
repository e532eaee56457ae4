/* Drives ZooKeeper's own multi-threaded C client through its whole interface, against the server given as argument. */
#include <stdio.h>
#include <string.h>

#include "chapters.h"
#include "transcript.h"

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s HOST:PORT CUTTABLE_HOST:PORT\n", argv[0]);
        return 2;
    }
    zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
    chapter_operations(argv[1]);
    chapter_multi(argv[1]);
    chapter_access(argv[1]);
    chapter_watches(argv[1], argv[2]);
    chapter_asynchronous(argv[1]);
    chapter_sessions(argv[1], argv[2]);
    say("%d failures", failures());
    return failures() == 0 ? 0 : 1;
}
