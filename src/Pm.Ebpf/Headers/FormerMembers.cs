using System.Collections.Frozen;

namespace Pm.Ebpf.Headers;

/// <summary>
/// Members that kernels had once, and that programs which run on several kernels still name: behind a question whether there are any, or as what an old kernel has. What reads one is relocated by its
/// name, so that its place in the header does not matter. Each can be had by a macro.
/// </summary>
static class FormerMembers
{
    /// <summary>What a compiler is told, to have a member: <c>-D</c>, and this with the names of the struct and of the member.</summary>
    public const string Prefix = "__PM_FORMER_";

    /// <summary><c>struct timespec64</c>, which may stand behind these in the header.</summary>
    const string Time = "struct { long long tv_sec; long tv_nsec; } ";

    /// <summary>By struct: the name of each member, and how it was declared.</summary>
    static readonly FrozenDictionary<string, (string Name, string Declaration)[]> Known = new Dictionary<string, (string, string)[]>(StringComparer.Ordinal)
    {
        ["bio"] = [("bi_disk", "struct gendisk *bi_disk"), ("bi_partno", "unsigned char bi_partno")],
        ["block_device"] = [("bd_inode", "struct inode *bd_inode"), ("bd_partno", "unsigned char bd_partno")],
        ["dentry"] = [("d_iname", "unsigned char d_iname[32]")],
        ["file"] = [("f_count", "struct { long counter; } f_count")],
        ["inode"] = [("i_atime", Time + "i_atime"), ("i_mtime", Time + "i_mtime"), ("i_ctime", Time + "i_ctime")],
        ["kernfs_node"] = [("parent", "struct kernfs_node *parent")],
        ["request"] = [("rq_disk", "struct gendisk *rq_disk")],
        ["task_struct"] = [("state", "volatile long state"), ("cpu", "unsigned int cpu")],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The macro of a member; null: no kernel is known that had it.</summary>
    public static string? MacroOf(string type, string member) =>
        Known.TryGetValue(type, out var members) && members.Any(m => m.Name == member) ? $"{Prefix}{type}_{member}" : null;

    /// <summary>Lines that declare those which a struct once had and has no more.</summary>
    /// <param name="type">Its name.</param>
    /// <param name="has">Whether it has one of a name.</param>
    public static IEnumerable<string> Lines(string type, Func<string, bool> has)
    {
        foreach (var (name, declaration) in Known.TryGetValue(type, out var members) ? members : [])
        {
            if (!has(name))
            {
                yield return $"#ifdef {Prefix}{type}_{name}";
                yield return $"\t{declaration};";
                yield return "#endif";
            }
        }
    }
}
