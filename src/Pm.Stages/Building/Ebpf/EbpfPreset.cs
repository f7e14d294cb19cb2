using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Pm.Blobs;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Describing;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Headers;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Pm.Packages;
using Pm.Stages.Running;

namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// Compiles modules with clang into objects that run on any kernel (CO-RE), and writes down what is in them. Beside the source lie <c>vmlinux.h</c>, made of this kernel's types where
/// the source asks for it and does not bring its own, and for each module a unit that includes its source and keeps the types that its header defines, since else nothing says what an
/// event is. Source: docs/formats/build.md.
/// </summary>
sealed partial class EbpfPreset(IReadOnlyList<EbpfModule> modules)
{
    const string Folder = "bpf";
    const string HeaderName = "vmlinux.h";
    const string CompatName = "pm_compat.h";
    const int MostOfSource = 4 << 20;
    const int FileMode = 0b110_100_100;
    const int ProgramMode = 0b111_101_101;

    /// <summary>What libbpf's headers before 1.2 lack, each only where it is missing.</summary>
    const string Compat = """
        #ifndef __PM_COMPAT_H
        #define __PM_COMPAT_H
        #ifndef bpf_ksym_exists
        #define bpf_ksym_exists(sym) (!!sym)
        #endif
        #ifndef BPF_UPROBE
        #define BPF_UPROBE(name, args...) BPF_KPROBE(name, ##args)
        #endif
        #ifndef BPF_URETPROBE
        #define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)
        #endif
        #endif

        """;

    /// <summary>The plan for a manifest; null: it has no module that is compiled.</summary>
    public static BuildPlan? TryPlan(Packages.Manifests.Manifest manifest, string directory)
    {
        var modules = EbpfModule.Of(manifest, name => PackagePath.Fault(name) is null && File.Exists(Path.Join(directory, name)));
        if (modules.Count == 0)
        {
            return null;
        }

        var preset = new EbpfPreset(modules);
        return new BuildPlan(["clang", "llvm-strip"], [], (at, _) => preset.Steps(at))
        {
            Prepare = preset.Prepare,
            Finish = preset.Finish,
            Inputs = preset.NeedsHeader(directory) ? [KeyValuePair.Create("kernel types", DigestOfKernel())] : [],
        };
    }

    ImmutableArray<BuildStep> Steps(BuildPlaces at) =>
        [.. modules.SelectMany(m => (BuildStep[])[Compile(at, m), new BuildStep("llvm-strip", "-g", $"{at.Out}/{m.ObjectPath}")])];

    static BuildStep Compile(BuildPlaces at, EbpfModule module)
    {
        var folder = Path.GetDirectoryName(Path.Join(at.Source, module.Source))!;
        return new BuildStep(
            "clang", "-g", "-O2", "-Wall", "-Wno-unused-variable", "-target", "bpf", "-mcpu=v3", $"-D__TARGET_ARCH_{TargetName}", $"-ffile-prefix-map={at.Work}=.",
            $"-I{folder}", $"-I{at.Source}", $"-I{at.Build}/{Folder}", "-include", $"{at.Build}/{Folder}/{CompatName}",
            "-idirafter", $"/usr/include/{BuildTools.Architecture}-linux-gnu", "-idirafter", "/usr/include",
            "-c", UnitOf(at, module), "-o", $"{at.Out}/{module.ObjectPath}");
    }

    /// <summary>As the macros of libbpf's headers call this machine.</summary>
    static string TargetName => BuildTools.Architecture switch
    {
        "x86_64" or "i686" => "x86",
        "aarch64" => "arm64",
        "armv7l" => "arm",
        "riscv64" => "riscv",
        "ppc64le" => "powerpc",
        "s390x" => "s390",
        var other => other,
    };

    static string UnitOf(BuildPlaces at, EbpfModule module) => $"{at.Build}/{Folder}/{module.Name}.unit.bpf.c";

    /// <summary>Writes what is compiled besides the source.</summary>
    void Prepare(BuildPlaces at)
    {
        using var work = DirectoryHandle.Open(at.Work);
        using var folder = work.OpenOrMakeBeneath($"{Path.GetFileName(at.Build)}/{Folder}", ProgramMode);
        using var objects = work.OpenOrMakeBeneath($"{BuildPlaces.OutName}/lib/bpf", ProgramMode);
        using var commands = work.OpenOrMakeBeneath($"{BuildPlaces.OutName}/bin", ProgramMode);
        Write(folder, CompatName, FileMode, Compat);
        if (NeedsHeader(at.Source))
        {
            using var header = new StringWriter { NewLine = "\n" };
            KernelHeader.Write(BtfFile.Parse(ReadKernel(), KernelProbe.TypesPath), header);
            Write(folder, HeaderName, FileMode, header.ToString());
        }

        foreach (var module in modules)
        {
            Write(folder, Path.GetFileName(UnitOf(at, module)), FileMode, Unit(Path.Join(at.Source, module.Source)));
            Write(commands, module.Name, ProgramMode, EbpfCommand.Text(module.Name));
        }
    }

    static void Write(DirectoryHandle folder, string name, int mode, string text)
    {
        using var file = folder.CreateFile(name, mode);
        FileWriting.Write(file, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The source, and a pointer to each type that its headers define: so their types stay in the object, and one of them is found to be an event's.</summary>
    static string Unit(string source)
    {
        var text = new StringBuilder($"#include \"{source}\"\n");
        var stem = source[..^".bpf.c".Length];
        foreach (var header in new[] { stem + ".h", stem + ".bpf.h" }.Where(File.Exists))
        {
            foreach (var name in Definition().Matches(Read(header)).Select(m => m.Groups[1].Value).Distinct())
            {
                text.Append($"struct {name} *__pm_export_{name} __attribute__((unused));\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Whether a source asks for the kernel's types and none of its own lies there.</summary>
    bool NeedsHeader(string directory) => modules.Any(m =>
        !File.Exists(Path.Join(directory, HeaderName)) && !File.Exists(Path.Join(directory, Path.GetDirectoryName(m.Source), HeaderName))
        && Include().IsMatch(Read(Path.Join(directory, m.Source))));

    static string Read(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, MostOfSource)];
        return Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    static byte[] ReadKernel()
    {
        try
        {
            return File.ReadAllBytes(KernelProbe.TypesPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StageException("PM7312", $"{KernelProbe.TypesPath}: the source includes {HeaderName}, and this kernel does not say its types", $"put a {HeaderName} beside the source: `bpftool btf dump file FILE format c`");
        }
    }

    static string DigestOfKernel() => MerkleRoot.Of(ReadKernel()).ToString();

    /// <summary>Describes what was compiled.</summary>
    IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Finish(BuildPlaces at)
    {
        var described = modules.Select(m => (m.Name, m.ObjectPath, Parse(at, m))).ToList();
        return [KeyValuePair.Create("ebpf.json", ObjectDescription.Write(described, BuildTools.Architecture))];
    }

    static BpfSpec Parse(BuildPlaces at, EbpfModule module)
    {
        // The compiler may be a stranger's, from a build dependency: no link of its is followed, and no more read than an object may have.
        using var work = DirectoryHandle.Open(at.Work);
        using var folder = work.TryOpenBeneath($"{BuildPlaces.OutName}/{Path.GetDirectoryName(module.ObjectPath)}");
        try
        {
            return folder?.TryReadFile(Path.GetFileName(module.ObjectPath), ElfLimits.Size) is { } bytes
                ? BpfSpec.Parse(bytes, module.ObjectPath)
                : throw new StageException("PM7313", $"{module.Name}: clang ended well, and there is no {module.ObjectPath}");
        }
        catch (EbpfFormatException e)
        {
            throw new StageException("PM7313", $"{module.Name}: what clang made of {PathText.Show(module.Source)} cannot be read: {e.Message}");
        }
    }

    [GeneratedRegex(@"^[ \t]*struct\s+(\w+)\s*\{", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*[""<]vmlinux\.h["">]", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Include();
}
