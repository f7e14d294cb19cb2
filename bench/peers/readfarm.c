/* The floor of a verification but for the hashing: opens, reads and closes every file of a list, one after the other.
 * Usage: readfarm LIST ROOT; the lines as for linkfarm. Prints the milliseconds, then the bytes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST 100000

static char *files[MOST];
static char line[8192], buffer[128 * 1024];

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
    int count = 0;
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == 'l' && !(files[count++] = strdup(strchr(line, '\t') + 1)))
            fail("strdup");
    }
    fclose(list);
    int root = open(argv[2], O_RDONLY | O_DIRECTORY);
    if (root < 0)
        fail(argv[2]);
    long bytes = 0;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < count; i++) {
        int file = openat(root, files[i], O_RDONLY | O_NOFOLLOW);
        if (file < 0)
            fail(files[i]);
        ssize_t got;
        while ((got = read(file, buffer, sizeof buffer)) > 0)
            bytes += got;
        if (got < 0)
            fail(files[i]);
        close(file);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.3f %ld\n", (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6, bytes);
    return 0;
}
