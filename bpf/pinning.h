/* What outlives the process: programs, maps and links in a folder of a bpffs. While nobody reads, the kernel goes on
 * recording, and who comes next takes it up. */
#ifndef PINNING_H
#define PINNING_H

#include <bpf/libbpf.h>
#include <stdbool.h>

#define PIN_PATH_BYTES 512

struct hook {
	const char *name;
	struct bpf_program *program;
	struct bpf_link **link;
};

/* Before loading: every map is taken from the folder where it lies there, and else put there. Gives 1 where all hooks are
 * attached already: then their programs are not loaded again. */
int pinning_prepare(struct bpf_object *object, const struct hook *hooks, int count, const char *folder);

/* After attaching: the hooks stay attached when this process ends. */
int pinning_keep(const struct hook *hooks, int count, const char *folder);

/* Instead of attaching: takes up the links, and the descriptors of the programs behind them. */
int pinning_resume(const struct hook *hooks, int count, const char *folder, int *programs);

/* Gives a descriptor of what is pinned there: `kind` is "map_", "program_" or "link_". */
int pinning_open(const char *folder, const char *kind, const char *name);

#endif
