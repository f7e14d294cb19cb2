using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Linux;

namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// Maps as sources wrote them before libbpf 1.0, which takes them no more: <c>struct bpf_map_def SEC("maps") NAME = { .type = …, .key_size = … };</c>. What a map is stands in a value there, and has to be
/// in a type. So the source is compiled twice: once to learn the values, each definition with a type of its own by <c>__COUNTER__</c>, and then with types that say them.
/// </summary>
static class EbpfOldMaps
{
    /// <summary>What is written down of it, and stands for <see cref="Arguments"/> where clang is called.</summary>
    public const string Flag = "-D__PM_OLD_MAPS";

    const string Section = "maps";
    const string Tag = "__pm_map_";
    const string TypesSection = ".BTF";

    /// <summary>Definitions, and what else counts with it.</summary>
    const int Most = 1024;

    static readonly string[] Members = ["type", "key_size", "value_size", "max_entries", "map_flags"];

    /// <summary>Where the object lies that tells the values.</summary>
    public static string ObjectPath(BuildPlaces at, EbpfModule module) => $"{EbpfPreset.FolderOf(at)}/{module.Name}.maps.o";

    /// <summary>How clang is told where the types are.</summary>
    public static IEnumerable<string> Arguments(BuildPlaces at, EbpfModule module) => [$"{Flag}=\"{HeaderPath(at, module)}\"", "-Wno-section", "-Wno-int-conversion"];

    /// <summary>Writes types that hold values.</summary>
    public static void Ask(BuildPlaces at, EbpfModule module)
    {
        var text = new StringBuilder($"#define __PM_OLD_MAPS_SECTION \"{Section}\"\n");
        for (var n = 0; n < Most; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"struct {Tag}{n} {{ unsigned int {string.Join(", ", Members)}; }};\n");
        }

        Write(at, module, text);
    }

    /// <summary>Writes types that say what the object has as values.</summary>
    /// <exception cref="StageException">PM7313: it is no object, or its maps are not as they were asked for.</exception>
    public static void Answer(BuildPlaces at, EbpfModule module)
    {
        var path = ObjectPath(at, module);
        try
        {
            using var folder = DirectoryHandle.Open(EbpfPreset.FolderOf(at));
            var bytes = folder.TryReadFile(Path.GetFileName(path), ElfLimits.Size) ?? throw new StageException("PM7313", $"{module.Name}: clang ended well, and there is no {path}");
            var compiled = ElfObject.Parse(bytes, path);
            var types = compiled.Find(TypesSection) is { } section ? BtfFile.Parse(section.Content, path) : throw Wrong(module, "has no types");
            var text = new StringBuilder("#define __PM_OLD_MAPS_SECTION \".maps\"\n");
            var maps = compiled.Find(Section) ?? throw Wrong(module, "has no maps");
            foreach (var symbol in compiled.Symbols.Where(s => s.Section == maps.Index && s.Kind is ElfSymbolKind.Variable))
            {
                var type = types.Find(BtfKind.Variable, symbol.Name)?.Target ?? throw Wrong(module, $"says no type of `{symbol.Name}`");
                if (!type.Name.StartsWith(Tag, StringComparison.Ordinal) || symbol.Value > (ulong)maps.Size || (ulong)maps.Size - symbol.Value < sizeof(uint) * (ulong)Members.Length)
                {
                    throw Wrong(module, $"has `{symbol.Name}` among its maps, which is none");
                }

                var values = maps.Content.Span[(int)symbol.Value..];
                text.Append($"struct {type.Name} {{");
                for (var i = 0; i < Members.Length; i++)
                {
                    text.Append(CultureInfo.InvariantCulture, $" int (*{Members[i]})[{BinaryPrimitives.ReadUInt32LittleEndian(values[(i * sizeof(uint))..])}];");
                }

                text.Append(" };\n");
            }

            Write(at, module, text);
        }
        catch (EbpfFormatException e)
        {
            throw new StageException("PM7313", $"{module.Name}: what clang made of its maps cannot be read: {e.Message}");
        }
    }

    static StageException Wrong(EbpfModule module, string what) => new("PM7313", $"{module.Name}: what clang made of it {what}");

    static string HeaderPath(BuildPlaces at, EbpfModule module) => $"{EbpfPreset.FolderOf(at)}/{module.Name}.maps.h";

    static void Write(BuildPlaces at, EbpfModule module, StringBuilder text) => DurableFile.Replace(HeaderPath(at, module), Encoding.UTF8.GetBytes(text.ToString()));
}
