#ifndef __BITS_BPF_H
#define __BITS_BPF_H
static __always_inline u64 bits_log2l(u64 v)
{
	u32 hi = v >> 32, r = 0;
	if (hi)
		v = hi, r = 32;
	for (int i = 0; i < 5; i++)
		if (v >> (16 >> i))
			v >>= 16 >> i, r += 16 >> i;
	return r;
}
#endif
