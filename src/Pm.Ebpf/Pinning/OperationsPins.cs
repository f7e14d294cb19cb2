using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Loading;
using Pm.Linux;

namespace Pm.Ebpf.Pinning;

/// <summary>Structs of operations that the kernel keeps without a link, in a directory of bpffs: what is written down of each is its map.</summary>
static class OperationsPins
{
    /// <summary>In a directory that belongs to a process.</summary>
    public const string Alone = "operations";

    /// <summary>In that of one that runs on its own: one for each, called by numbers.</summary>
    public const string Several = "registered";

    /// <summary>All that are there.</summary>
    /// <exception cref="BpfException">PM8059: the kernel refused.</exception>
    public static List<SafeFileHandle> Of(DirectoryHandle directory) => PinDirectory.WrittenIn(directory, Alone, Several, "a struct of operations (struct_ops)");

    /// <summary>Takes back what was registered: all of it, also where one of them is refused.</summary>
    /// <exception cref="BpfException">PM8059: the kernel refused one.</exception>
    public static void Unregister(IEnumerable<SafeFileHandle> maps)
    {
        LibBpfException? refused = null;
        foreach (var map in maps)
        {
            using (map)
            {
                try
                {
                    BpfMap.Unregister((int)map.DangerousGetHandle());
                }
                catch (LibBpfException e)
                {
                    refused ??= e;
                }
            }
        }

        if (refused is not null)
        {
            throw new BpfException(new BpfError("PM8059", $"a struct of operations (struct_ops) cannot be taken back: {LibBpfText.Last(refused)}") { Hint = "`sudo pm stop --all`" });
        }
    }
}
