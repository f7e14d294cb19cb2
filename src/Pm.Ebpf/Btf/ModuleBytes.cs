namespace Pm.Ebpf.Btf;

/// <summary>What a kernel says of one of its modules.</summary>
/// <param name="Name">As the kernel writes it: <c>md_mod</c>.</param>
/// <param name="Types">Its types, as <c>/sys/kernel/btf/NAME</c> has them.</param>
public readonly record struct ModuleBytes(string Name, ReadOnlyMemory<byte> Types);
