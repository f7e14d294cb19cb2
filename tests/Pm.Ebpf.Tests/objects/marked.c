// A program with a mark (usdt), of the form that <sys/sdt.h> gives it. It asks for a directory to be removed that is not there, and comes to its mark once, with a number.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((noinline)) static void reach(long value)
{
	__asm__ volatile(
		"990: nop\n"
		".pushsection .note.stapsdt,\"\",\"note\"\n"
		".balign 4\n"
		".4byte 992f-991f, 994f-993f, 3\n"
		"991: .asciz \"stapsdt\"\n"
		"992: .balign 4\n"
		"993: .8byte 990b\n"
		".8byte _.stapsdt.base\n"
		".8byte 0\n"
		".asciz \"pm\"\n"
		".asciz \"reached\"\n"
		".asciz \"8@%0\"\n"
		"994: .balign 4\n"
		".popsection\n"
		".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
		".weak _.stapsdt.base\n"
		".hidden _.stapsdt.base\n"
		"_.stapsdt.base: .space 1\n"
		".size _.stapsdt.base, 1\n"
		".popsection\n" : : "nor"(value));
}

int main(int count, char **words)
{
	(void)words;
	syscall(SYS_unlinkat, AT_FDCWD, "/tmp/pm-nowhere", AT_REMOVEDIR);
	reach(40 + count);
	return 0;
}
