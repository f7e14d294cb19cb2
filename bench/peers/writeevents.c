/* writeevents RECORDS TIMES [show]: writes the records of a file as JSON, so many times over, as a program made for just these events does it, and prints the nanoseconds of processor time that one took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct event {
	unsigned long long time;
	unsigned int pid;
	unsigned int uid;
	int result;
	unsigned int flags;
	unsigned int kind;
	_Bool is_root;
	char comm[16];
	char name[64];
};

static const char *const kinds[] = { "", "KIND_OPEN", "KIND_CLOSE", "KIND_RENAME" };

int main(int count, char **words)
{
	static struct event events[100000];
	FILE *file = fopen(words[1], "r");
	size_t number = file ? fread(events, sizeof(*events), 100000, file) : 0;
	long times = atol(words[2]);
	FILE *out = count > 3 ? stdout : fopen("/dev/null", "w");
	struct timespec begin, end;
	if (!number || !out)
		return 1;
	setvbuf(out, NULL, _IOFBF, 64 << 10);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	for (long i = 0; i < times; i++)
		for (size_t j = 0; j < number; j++) {
			const struct event *e = &events[j];
			fprintf(out, "{\"time\":%llu,\"pid\":%u,\"uid\":%u,\"result\":%d,\"flags\":%u,\"kind\":\"%s\",\"is_root\":%s,\"comm\":\"%s\",\"name\":\"%s\"}\n",
				e->time, e->pid, e->uid, e->result, e->flags, kinds[e->kind], e->is_root ? "true" : "false", e->comm, e->name);
		}
	fflush(out);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	if (count <= 3)
		printf("%f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / (times * number));
	return 0;
}
