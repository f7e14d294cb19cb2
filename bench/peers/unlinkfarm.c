/* The floor of a removal: unlinks files and removes directories as a list says, then syncs the file system once.
 * Usage: unlinkfarm LIST ROOT. A line of LIST is "d PATH" or "l BLOB<TAB>PATH", as for linkfarm: files are unlinked in the
 * order of the list, then directories removed in the opposite order.
 * Prints the milliseconds from the first unlink to the end of syncfs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST 100000

static char *directories[MOST], *files[MOST];
static char line[8192];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    FILE *list = fopen(argv[1], "r");
    if (!list)
        fail(argv[1]);
    int directory_count = 0, file_count = 0;
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        char **to = line[0] == 'd' ? &directories[directory_count++] : &files[file_count++];
        if (!(*to = strdup(line[0] == 'd' ? line + 2 : strchr(line, '\t') + 1)))
            fail("strdup");
    }
    fclose(list);
    int root = open(argv[2], O_RDONLY | O_DIRECTORY);
    if (root < 0)
        fail(argv[2]);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < file_count; i++)
        if (unlinkat(root, files[i], 0))
            fail(files[i]);
    for (int i = directory_count - 1; i >= 0; i--)
        if (unlinkat(root, directories[i], AT_REMOVEDIR))
            fail(directories[i]);
    if (syncfs(root))
        fail("syncfs");
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.3f\n", (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6);
    return 0;
}
