/* What another process left pinned, perhaps with other programs or options: opened to be read, nothing more. */
#ifndef LEFT_H
#define LEFT_H

#include "handle.h"

/* Closes the descriptors of one that was opened so. */
void left_close(struct monitor *monitor);

#endif
