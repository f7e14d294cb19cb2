/* tellevents OBJECT PID SECONDS [count]: loads the object with libbpf, says so, and writes its events as JSON for so long, as a program made for just these events does it; `count`: reads them only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/libbpf.h>

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
static long counted;

static int write_event(void *context, void *data, size_t size)
{
	const struct event *e = data;

	counted++;
	if (context)
		fprintf(context, "{\"time\":%llu,\"pid\":%u,\"uid\":%u,\"result\":%d,\"flags\":%u,\"kind\":\"%s\",\"is_root\":%s,\"comm\":\"%s\",\"name\":\"%s\"}\n",
			e->time, e->pid, e->uid, e->result, e->flags, kinds[e->kind], e->is_root ? "true" : "false", e->comm, e->name);
	return 0;
}

static int quiet(enum libbpf_print_level level, const char *format, va_list words)
{
	return 0;
}

int main(int count, char **words)
{
	struct bpf_object_open_opts options = { .sz = sizeof(options), .object_name = "event" };
	struct timespec now, end;
	struct bpf_object *object;
	struct ring_buffer *events;
	struct bpf_program *program;
	struct bpf_map *map;

	libbpf_set_print(quiet);
	object = bpf_object__open_file(words[1], &options);
	if (!object)
		return 1;
	bpf_object__for_each_map(map, object) {
		size_t size;
		unsigned int pid = atoi(words[2]);
		void *value = strstr(bpf_map__name(map), ".rodata") ? (void *)bpf_map__initial_value(map, &size) : NULL;
		if (value)
			memcpy(value, &pid, sizeof(pid));
	}
	if (bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			return 1;
	events = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), write_event, count > 4 ? NULL : stdout, NULL);
	if (!events)
		return 1;
	setvbuf(stdout, NULL, _IOFBF, 64 << 10);
	fputs("attached\n", stderr);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += atoi(words[3]);
	do {
		ring_buffer__poll(events, 100);
		fflush(stdout);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
	if (count > 4)
		printf("%ld\n", counted);
	return 0;
}
