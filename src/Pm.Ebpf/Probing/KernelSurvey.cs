using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pm.Ebpf.Fitting;

namespace Pm.Ebpf.Probing;

/// <summary>Puts down what the running kernel can do, for a comparison here or on another machine.</summary>
public static class KernelSurvey
{
    const string EventSourcesPath = "/sys/bus/event_source/devices";
    const string TypesFolder = "/sys/kernel/btf";

    /// <summary>All that its types do not say: programs are tried where this process may load some.</summary>
    /// <param name="kernel">The running one.</param>
    /// <param name="digest">SHA-256 of its types in hexadecimal digits, or null where it cannot be said.</param>
    public static KernelDescription Describe(KernelProbe kernel, Func<byte[], string?> digest)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(digest);
        return Glance(kernel) with
        {
            TypesDigest = kernel.HasTypes ? Digest(digest) : "",
            Programs = Programs(kernel),
            Tracepoints = kernel.AllTracepoints,
        };
    }

    /// <summary>That of it which is read at once. What takes time (<see cref="KernelProbe.Takes"/>, <see cref="KernelProbe.AllTracepoints"/>) is asked where something depends on it.</summary>
    /// <param name="kernel">The running one.</param>
    public static KernelDescription Glance(KernelProbe kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return new KernelDescription
        {
            Release = Line("/proc/sys/kernel/osrelease"),
            Machine = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x86_64",
                Architecture.Arm64 => "aarch64",
                Architecture.RiscV64 => "riscv64",
                Architecture.S390x => "s390x",
                Architecture.Ppc64le => "ppc64le",
                var other => other.ToString(),
            },
            TypesDigest = kernel.HasTypes ? null : "",
            Modules = [.. Names(TypesFolder, Directory.EnumerateFiles)?.Where(n => n != "vmlinux") ?? []],
            SecurityModules = kernel.SecurityModules,
            Lockdown = kernel.Lockdown,
            EventSources = Names(EventSourcesPath, Directory.EnumerateDirectories)?.ToImmutableSortedSet(StringComparer.Ordinal),
        };
    }

    /// <summary>Which kinds are taken; none is known where this process may load none, or libbpf is not there.</summary>
    static ImmutableSortedDictionary<string, bool> Programs(KernelProbe kernel) =>
        TrialKind.All.Select(k => (k.Name, Takes: kernel.Takes(k.Name))).Where(k => k.Takes is not null).ToImmutableSortedDictionary(k => k.Name, k => k.Takes!.Value, StringComparer.Ordinal);

    static string? Digest(Func<byte[], string?> digest)
    {
        try
        {
            return digest(File.ReadAllBytes(KernelProbe.TypesPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string? Line(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).FirstOrDefault()?.Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static List<string>? Names(string path, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return [.. list(path).Select(p => Path.GetFileName(p))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
