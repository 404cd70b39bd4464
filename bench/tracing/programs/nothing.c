/* The shortest life of a program: it ends at once, without a C library. */
#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov $60, %eax\n xor %edi, %edi\n syscall\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start: mov x8, #93\n mov x0, #0\n svc #0\n");
#else
#error "say here how to end on this architecture"
#endif
