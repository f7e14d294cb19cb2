using System.Collections.Immutable;
using System.Text;
using Pm.Blobs;
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
sealed class EbpfPreset(IReadOnlyList<EbpfModule> modules, string typesPath, Packages.Manifests.Manifest manifest)
{
    const string Folder = "bpf";
    public const string HeaderName = "vmlinux.h";

    /// <summary>How it is compiled: with another number, what was built before is built again.</summary>
    static readonly KeyValuePair<string, string> Recipe = KeyValuePair.Create("ebpf", "11");

    /// <summary>Of the object; no map is made of it.</summary>
    const string TypesSection = ".pm.types";

    const int LongestManual = 1 << 20;

    const int FileMode = 0b110_100_100;
    const int ProgramMode = 0b111_101_101;

    readonly EbpfCompiler _compiler = new();

    IEnumerable<EbpfModule> Compiled => modules.Where(m => !m.IsReady);

    /// <summary>The plan for a manifest; null: it has no module that is compiled.</summary>
    /// <param name="manifest">What it says.</param>
    /// <param name="directory">Where it lies.</param>
    /// <param name="typesPath">The kernel's types; null: this one's.</param>
    public static BuildPlan? TryPlan(Packages.Manifests.Manifest manifest, string directory, string? typesPath)
    {
        var modules = EbpfModule.Of(manifest, name => PackagePath.Fault(name) is null && File.Exists(Path.Join(directory, name)) ? EbpfIncludes.Read(Path.Join(directory, name)) : null, source => EbpfIncludes.Headers(directory, source), name => PackagePath.Fault(name) is null && ReadyObject.TryRead(directory, name) is not null);
        if (modules.Count == 0)
        {
            return null;
        }

        var preset = new EbpfPreset(modules, typesPath ?? KernelProbe.TypesPath, manifest);
        return new BuildPlan(modules.All(m => m.IsReady) ? [] : ["clang", "llvm-strip"], [], (at, _) => preset.Steps(at))
        {
            Prepare = preset.Prepare,
            Finish = preset.Finish,
            Inputs = [Recipe, .. preset.NeedsHeader(directory) ? [KeyValuePair.Create("kernel types", MerkleRoot.Of(preset.ReadKernel()).ToString())] : (KeyValuePair<string, string>[])[]],
        };
    }

    ImmutableArray<BuildStep> Steps(BuildPlaces at) =>
        [.. Compiled.SelectMany(m => (BuildStep[])[_compiler.Step(at, m), new BuildStep("llvm-strip", "-g", $"{at.Out}/{m.ObjectPath}")])];

    public static string FolderOf(BuildPlaces at) => $"{at.Build}/{Folder}";

    public static string UnitOf(BuildPlaces at, EbpfModule module) => $"{FolderOf(at)}/{module.Name}.unit.bpf.c";

    /// <summary>Writes what is compiled besides the source.</summary>
    void Prepare(BuildPlaces at)
    {
        using var work = DirectoryHandle.Open(at.Work);
        using var folder = work.OpenOrMakeBeneath($"{Path.GetFileName(at.Build)}/{Folder}", ProgramMode);
        using var objects = work.OpenOrMakeBeneath($"{BuildPlaces.OutName}/lib/bpf", ProgramMode);
        using var commands = work.OpenOrMakeBeneath($"{BuildPlaces.OutName}/bin", ProgramMode);
        Write(folder, EbpfCompat.Name, FileMode, EbpfCompat.Text);
        foreach (var header in EbpfOwnNames.HelperHeaders)
        {
            using var place = folder.OpenOrMakeBeneath(Path.GetDirectoryName($"{EbpfOwnNames.HelpersFolder}/{header}")!, ProgramMode);
            Write(place, Path.GetFileName(header), FileMode, $"{EbpfOwnNames.Helpers.Around}#include_next <{header}>\n{EbpfOwnNames.Helpers.Around}");
        }

        // As sources of the kernel call the headers that others have without it.
        folder.Symlink("/usr/include", "uapi");
        if (NeedsHeader(at.Source))
        {
            using var header = new StringWriter { NewLine = "\n" };
            header.Write(EbpfOwnNames.Types.Around);
            KernelHeader.Write(BtfFile.Parse(ReadKernel(), typesPath), header);
            header.Write(EbpfOwnNames.Types.Around);
            Write(folder, HeaderName, FileMode, header.ToString());
        }

        foreach (var module in modules)
        {
            if (module.IsReady)
            {
                using var made = objects.CreateFile(Path.GetFileName(module.ObjectPath), FileMode);
                FileWriting.Write(made, ReadyObject.TryRead(at.Source, module.Source)!);
            }
            else
            {
                Write(folder, Path.GetFileName(UnitOf(at, module)), FileMode, Unit(at, module));
            }

            Write(commands, module.Name, ProgramMode, EbpfCommand.Text(module.Name));
        }
    }

    static void Write(DirectoryHandle folder, string name, int mode, string text)
    {
        using var file = folder.CreateFile(name, mode);
        FileWriting.Write(file, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>
    /// The source, and a pointer to each type that the header of its name defines: so their types stay in the object, and one of them is found to be an event's. Those that the source itself, or another
    /// of its headers, defines may be anything, so the pointers to them stand where no variables are: they are there to be found by size or name. Behind them what its author says of it.
    /// </summary>
    string Unit(BuildPlaces at, EbpfModule module)
    {
        var text = new StringBuilder($"#include \"{Path.Join(at.Source, module.Source)}\"\n");
        var named = new[] { module.Stem + ".h", module.Stem + ".bpf.h" };
        var headers = named.Where(header => File.Exists(Path.Join(at.Source, header))).SelectMany(header => EbpfTypes.Of(EbpfIncludes.Read(Path.Join(at.Source, header)))).Distinct().ToList();
        headers.ForEach(type => text.Append(type.Kept("__pm_export_", section: null)));

        var written = EbpfIncludes.Read(Path.Join(at.Source, module.Source));
        var others = EbpfIncludes.Headers(at.Source, module.Source).Except(named).SelectMany(header => EbpfTypes.Of(EbpfIncludes.Read(Path.Join(at.Source, header))));
        foreach (var type in EbpfTypes.Of(written).Concat(others).Distinct().Except(headers))
        {
            text.Append(type.Kept("__pm_type_", TypesSection));
        }

        // What an event is that is a number alone: no struct says it, but who runs the object may.
        foreach (var (name, number) in new[] { ("u32", "unsigned int"), ("u64", "unsigned long long"), ("s64", "long long") })
        {
            text.Append($"{number} *__pm_number_{name} __attribute__((unused, section(\"{TypesSection}\")));\n");
        }

        return text.Append(EbpfNotes.ToSource(EbpfNotes.Of(module, written, BuildTools.KernelOf(manifest)))).ToString();
    }

    bool NeedsHeader(string directory) => Compiled.Any(m => EbpfIncludes.Lack(directory, m.Source, HeaderName));

    byte[] ReadKernel()
    {
        try
        {
            using var file = new FileStream(OpenFile.TryOpenRead(typesPath) ?? throw new FileNotFoundException("there is no such file"), FileAccess.Read);
            var bytes = new byte[Math.Min(file.Length, BtfLimits.Size + 1)];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SystemCallException)
        {
            throw typesPath == KernelProbe.TypesPath
                ? new StageException("PM7312", $"{typesPath}: the source includes {HeaderName}, and this kernel does not say its types", $"put a {HeaderName} beside the source: `bpftool btf dump file FILE format c`; or name those of another kernel: `pm build --btf FILE`")
                : new StageException("PM7312", $"{PathText.Show(typesPath)}: the types of the kernel cannot be read: {PathText.Show(e.Message)}", "`pm build --btf FILE` takes what /sys/kernel/btf/vmlinux of that kernel has");
        }
    }

    /// <summary>Describes what was compiled.</summary>
    IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Finish(BuildPlaces at, IReadOnlyDictionary<string, string?> versions, Action<string> note)
    {
        var described = modules.Select(m =>
        {
            var bytes = ReadObject(at, m);
            var spec = EbpfNotes.Read(m, bytes);
            foreach (var warning in _compiler.WarningsOf(m))
            {
                note(warning);
            }

            foreach (var events in spec.Events.Where(e => e.Type is null))
            {
                note(Unknown(m, events));
            }

            foreach (var cut in CutEnumerations.Of(spec))
            {
                note($"warning: [[module]] {m.Name}: of `{PathText.Show($"{cut}")}`, whose values have 64 bits, {(Compiled.Contains(m) ? "this clang" : "its compiler")} wrote 32 down: they are shown as numbers; clang 15 and later write all [{CutEnumerations.Code}]");
            }

            WriteManual(at, m, spec);

            return new DescribedModule(m.Name, m.ObjectPath, MerkleRoot.Of(bytes).ToString(), _compiler.FlagsOf(m), spec);
        });
        return [KeyValuePair.Create("ebpf.json", ObjectDescription.Write(described, BuildTools.Architecture, versions.ContainsKey("clang") ? $"clang {versions["clang"]}".TrimEnd() : ""))];
    }

    /// <summary>The author's own, where one lies beside the manifest or among the files of the package; else one is made.</summary>
    void WriteManual(BuildPlaces at, EbpfModule module, BpfSpec spec)
    {
        var name = EbpfManual.NameOf(module);
        var package = manifest.Package!;
        var placed = $"{EbpfManual.Folder}/{name}";
        if (new[] { placed, placed + ".gz" }.Any(p => File.Exists(Path.Join(at.Source, p)) && package.Files.Any(f => new Packages.Manifests.PathPattern(f).Contains(p))))
        {
            return;
        }

        using var work = DirectoryHandle.Open(at.Work);
        using var source = work.OpenBeneath(BuildPlaces.SourceName);
        using var folder = work.OpenOrMakeBeneath($"{BuildPlaces.OutName}/{EbpfManual.Folder}", ProgramMode);
        // A directory or a link of that name is something else of its author's.
        var own = source.Status(name) is { IsRegular: true } status
            ? status.Size <= LongestManual ? source.TryReadFile(name, LongestManual) : throw new StageException("PM7314", $"[[module]] {module.Name}, {name}: a page for man(1) has at most {LongestManual} bytes, got {status.Size}")
            : null;
        using var file = folder.CreateFile(name, FileMode);
        FileWriting.Write(file, own ?? Encoding.UTF8.GetBytes(
            EbpfManual.Write(new PackageId(package.Name, package.Version), modules.Count == 1 && package.Description.Length > 0 ? package.Description : null, module, spec)));
    }

    /// <summary>Said when it is built, as <c>pm run</c> will not guess; other people's sources may have such maps, and are packages all the same.</summary>
    static string Unknown(EbpfModule module, EventSpec events)
    {
        var candidates = events.Candidates.IsEmpty ? "" : $" (it could be {string.Join(", ", events.Candidates.Select(c => PathText.Show($"{c}")))})";
        var map = PathText.Show(events.Map.Name);
        return $"warning: [[module]] {module.Name}: which type the events of map `{map}` have is not known{candidates}; `events.{map}.type = \"TYPE\"` says it [PM8042]";
    }

    /// <summary>What clang made of a module.</summary>
    /// <exception cref="StageException">PM7313: nothing that is an object.</exception>
    public static BpfSpec Parse(BuildPlaces at, EbpfModule module) => EbpfNotes.Read(module, ReadObject(at, module));

    static byte[] ReadObject(BuildPlaces at, EbpfModule module)
    {
        // The compiler may be a stranger's, from a build dependency: no link of its is followed, and no more read than an object may have.
        using var work = DirectoryHandle.Open(at.Work);
        using var folder = work.TryOpenBeneath($"{BuildPlaces.OutName}/{Path.GetDirectoryName(module.ObjectPath)}");
        return folder?.TryReadFile(Path.GetFileName(module.ObjectPath), ElfLimits.Size)
            ?? throw new StageException("PM7313", $"{module.Name}: clang ended well, and there is no {module.ObjectPath}");
    }
}
