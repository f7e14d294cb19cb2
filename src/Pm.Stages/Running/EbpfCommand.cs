using System.Text;
using Pm.Linux;

namespace Pm.Stages.Running;

/// <summary>The command that a package has for each of its eBPF objects: <c>bin/NAME</c>, a script that has pm run <c>lib/bpf/NAME.bpf.o</c>.</summary>
public static class EbpfCommand
{
    const int LongestText = 1024;

    const string Suffix = ".bpf.o";

    /// <summary>Where the object of that name lies in its package.</summary>
    public static string ObjectPath(string name) => $"lib/bpf/{name}{Suffix}";

    /// <summary>What is in the command's file. It may be reached by a link from elsewhere.</summary>
    public static string Text(string name) => $"#!/bin/sh\nself=$(readlink -f -- \"$0\")\nexec pm run \"${{self%/*}}/../{ObjectPath(name)}\" -- \"$@\"\n";

    /// <summary>The name of the command that has pm run the object at a path as it was typed; null: no command's script named it so.</summary>
    public static string? CommandOf(string path)
    {
        var file = Path.GetFileName(path);
        var name = file.EndsWith(Suffix, StringComparison.Ordinal) ? file[..^Suffix.Length] : "";
        return name.Length > 0 && path.EndsWith($"/../{ObjectPath(name)}", StringComparison.Ordinal) ? name : null;
    }

    /// <summary>The object that the command at a path stands for, so that pm need not start itself again; null: it is another program.</summary>
    public static string? ObjectOf(string path)
    {
        try
        {
            var name = Path.GetFileName(path);
            using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
            var text = directory.TryReadFile(name, LongestText);
            return text is not null && text.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Text(name)))
                ? Path.Join(Path.GetDirectoryName(Path.GetDirectoryName(path)), ObjectPath(name))
                : null;
        }
        catch (Exception e) when (e is SystemCallException or IOException)
        {
            // A program that may be run and not read, or one that is larger than the script.
            return null;
        }
    }
}
