// Writes the types of two modules that go on behind those of kernel.bpf.c, through libbpf: cc modules.c -lbpf && ./a.out kernel.o modules/
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static struct btf *kernel;

static int of_kernel(const char *name, int kind)
{
	int id = btf__find_by_name_kind(kernel, name, kind);

	if (id <= 0) {
		fprintf(stderr, "kernel.o has no %s\n", name);
		exit(1);
	}
	return id;
}

static void save(struct btf *types, const char *directory, const char *name)
{
	char path[4096];
	const void *bytes;
	__u32 size;
	FILE *file;

	bytes = btf__raw_data(types, &size);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!bytes || !file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(1);
	}
}

static void function(struct btf *types, const char *name, int returns, int parameter)
{
	int prototype = btf__add_func_proto(types, returns);

	btf__add_func_param(types, "thing", parameter);
	btf__add_func(types, name, BTF_FUNC_GLOBAL, prototype);
}

int main(int count, char **words)
{
	struct btf *first, *second;
	int number, pointer, own, prototype;

	kernel = count == 3 ? btf__parse_elf(words[1], NULL) : NULL;
	if (!kernel)
		return 2;
	number = of_kernel("int", BTF_KIND_INT);

	// What the kernel has is named by it: pm_inner and int are its types, and "first" its name.
	first = btf__new_empty_split(kernel);
	own = btf__add_struct(first, "pm_module_thing", 32);
	btf__add_field(first, "first", number, 0, 0);
	btf__add_field(first, "inner", of_kernel("pm_inner", BTF_KIND_STRUCT), 64, 0);
	btf__add_field(first, "own", number, 192, 0);
	pointer = btf__add_ptr(first, own);
	function(first, "pm_module_function", number, pointer);
	function(first, "pm_module_kfunc", number, pointer);
	prototype = btf__add_func_proto(first, 0);
	btf__add_func_param(first, "data", pointer);
	btf__add_typedef(first, "btf_trace_pm_module_event", btf__add_ptr(first, prototype));
	btf__add_enum(first, "pm_module_level", 4);
	btf__add_enum_value(first, "PM_MODULE_HIGH", 7);
	btf__add_struct(first, "pm_module_twice", 4);
	btf__add_field(first, "field", number, 0, 0);
	btf__add_struct(first, "pm_module_alike", 8);
	btf__add_field(first, "field", number, 32, 0);
	// Where the kernel has one of that name, this is not looked at.
	btf__add_struct(first, "pm_thing", 4);
	btf__add_field(first, "gone", number, 0, 0);
	save(first, words[2], "pm_first");

	second = btf__new_empty_split(kernel);
	btf__add_struct(second, "pm_module_twice", 8);
	btf__add_field(second, "field", number, 32, 0);
	btf__add_struct(second, "pm_module_alike", 16);
	btf__add_field(second, "field", number, 32, 0);
	btf__add_struct(second, "pm_only_second___new", 16);
	btf__add_field(second, "field", number, 64, 0);
	save(second, words[2], "pm_second");
	return 0;
}
