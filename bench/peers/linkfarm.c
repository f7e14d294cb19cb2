/* The floor of an installation: makes directories and hard links as a list says, then syncs the file system once.
 * Usage: linkfarm LIST ROOT. A line of LIST is "d PATH" or "l BLOB<TAB>PATH"; the paths are beneath ROOT.
 * Prints the milliseconds from the first mkdir to the end of syncfs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static char *read_list(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file || fseek(file, 0, SEEK_END))
        fail(path);
    long size = ftell(file);
    char *text = malloc(size + 1);
    rewind(file);
    if (!text || fread(text, 1, size, file) != (size_t)size)
        fail(path);
    text[size] = 0;
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    char *text = read_list(argv[1]);
    int root = open(argv[2], O_RDONLY | O_DIRECTORY);
    if (root < 0)
        fail(argv[2]);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (line[0] == 'd') {
            if (mkdirat(root, line + 2, 0755))
                fail(line + 2);
            continue;
        }
        char *path = strchr(line, '\t');
        *path++ = 0;
        if (linkat(AT_FDCWD, line + 2, root, path, 0))
            fail(path);
    }
    if (syncfs(root))
        fail("syncfs");
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.3f\n", (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6);
    return 0;
}
