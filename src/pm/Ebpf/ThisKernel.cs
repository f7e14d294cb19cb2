using Pm.Ebpf.Probing;

namespace Pm.Cli.Ebpf;

/// <summary>What decides whose types an object is fitted to: the kernel's own, where it says them, else those that somebody has for a kernel of its name.</summary>
/// <param name="Release">What it is called: <c>6.1.0-18-amd64</c>.</param>
/// <param name="HasTypes">It says its types itself.</param>
readonly record struct ThisKernel(string Release, bool HasTypes)
{
    const string ReleasePath = "/proc/sys/kernel/osrelease";

    public static ThisKernel Current => new(File.ReadAllText(ReleasePath).Trim(), File.Exists(KernelProbe.TypesPath));
}
