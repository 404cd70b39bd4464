/* What the functions of monitor.h are called with. */
#ifndef HANDLE_H
#define HANDLE_H

#include "consume.h"
#include "pinning.h"
#include <stdbool.h>

#define HOOKS 4
#define COUNTED 3 /* of them; the last only tends tables */

struct process;

struct monitor {
	struct process *process;
	/* Another process loaded it: there is no `process`, it can only be read, and its descriptors are its own. */
	bool is_left;
	struct consumer consumer;
	struct monitor_tables tables;
	struct hook hooks[HOOKS];
	/* Where the hooks' programs outlive this process; empty: nowhere. */
	char pins[PIN_PATH_BYTES];
	bool resumed;
	/* Of the hooks' programs that another process loaded; else -1. */
	int programs[HOOKS];
};

#endif
