namespace Pm.Linux;

/// <summary>Takes one entry of a list of the kernel's.</summary>
/// <param name="kind">RTM_…</param>
/// <param name="body">Its structure, and its attributes.</param>
delegate void NetlinkEntry(ushort kind, ReadOnlySpan<byte> body);
