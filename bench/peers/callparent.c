/* callparent RATE SECONDS: calls getppid(2) so many times a second, evenly by the millisecond, and prints how many times it did. 0: as fast as it can. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int count, char **words)
{
	double rate = count > 1 ? atof(words[1]) : 0, time = count > 2 ? atof(words[2]) : 1, begin = seconds(), at;
	long calls = 0;

	while ((at = seconds() - begin) < time) {
		long due = rate > 0 ? (long)(rate * at) : calls + 1000;
		if (due <= calls) {
			struct timespec millisecond = { 0, 1000000 };
			nanosleep(&millisecond, NULL);
		}
		for (; calls < due; calls++)
			syscall(SYS_getppid);
	}
	printf("%ld\n", calls);
	return 0;
}
