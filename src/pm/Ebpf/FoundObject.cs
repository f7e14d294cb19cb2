namespace Pm.Cli.Ebpf;

/// <summary>An eBPF object that a word of the command line means.</summary>
/// <param name="Name">The file, or its path in a package, with the package before it.</param>
/// <param name="Bytes">All of it.</param>
sealed record FoundObject(string Name, byte[] Bytes);
