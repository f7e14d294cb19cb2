using System.Globalization;
using System.Text;
using Pm.Ebpf.Events;

namespace Pm.Ebpf.Symbols;

/// <summary>Writes stacks: as lines below an event, or as members of it.</summary>
static class StackText
{
    /// <summary>Members for an event in JSON, each with its comma.</summary>
    public static byte[] Members(StackReader stacks, ReadOnlySpan<byte> record)
    {
        var into = new EventBuffer();
        Member("kernel_stack", stacks.Kernel(record), into);
        Member("user_stack", stacks.User(record), into);
        return into.Written.ToArray();
    }

    /// <summary>A line for each address below the event; a line between what is in the kernel and what is in the process.</summary>
    public static void Write(StackReader stacks, ReadOnlySpan<byte> record, EventBuffer into)
    {
        var (kernel, user) = (stacks.Kernel(record) ?? [], stacks.User(record) ?? []);
        Lines(kernel, into);
        into.Append(kernel.Count > 0 && user.Count > 0 ? "    --\n"u8 : ""u8);
        Lines(user, into);
    }

    static void Lines(IReadOnlyList<string> names, EventBuffer into)
    {
        foreach (var name in names)
        {
            into.Append("    "u8);
            EventText.Bare(Encoding.UTF8.GetBytes(name), into);
            into.Append((byte)'\n');
        }
    }

    /// <summary>An event that is nothing but a stack. Source: <c>profile.c</c> of libbpf-bootstrap, whose form eunomia has.</summary>
    public static void WriteEunomia(StackReader stacks, ReadOnlySpan<byte> record, bool isJson, EventBuffer into)
    {
        var layout = stacks.Layout;
        var (pid, cpu) = (StackReader.Number(record, layout.Pid), StackReader.Number(record, layout.Cpu));
        var command = Text(record, layout.Command);
        if (isJson)
        {
            into.Append((byte)'{');
            Number("pid", pid, into);
            Number("cpu_id", cpu, into);
            into.Append("\"comm\":"u8);
            EventText.Quoted(command, into);
            into.Append((byte)',');
            into.Append(Members(stacks, record).AsSpan() is [.. var members, (byte)','] ? members : "\"kernel_stack\":[]"u8);
            into.Append("}\n"u8);
            return;
        }

        into.Append("COMM: "u8);
        EventText.Bare(command, into);
        into.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" (pid={pid ?? 0}) @ CPU {cpu ?? 0}\n")));
        Part("Kernel", stacks.Kernel(record), into);
        Part("Userspace", stacks.User(record), into);
        into.Append((byte)'\n');
    }

    static void Number(string name, long? value, EventBuffer into)
    {
        if (value is { } number)
        {
            into.Append(Encoding.ASCII.GetBytes($"\"{name}\":"));
            into.Append(number);
            into.Append((byte)',');
        }
    }

    static void Part(string title, IReadOnlyList<string>? names, EventBuffer into)
    {
        into.Append(Encoding.ASCII.GetBytes(names is { Count: > 0 } ? $"{title}:\n" : $"No {title} Stack\n"));
        foreach (var (i, name) in (names ?? []).Index())
        {
            into.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i,3} ")));
            EventText.Bare(Encoding.UTF8.GetBytes(name), into);
            into.Append((byte)'\n');
        }
    }

    static void Member(string name, IReadOnlyList<string>? names, EventBuffer into)
    {
        if (names is null)
        {
            return;
        }

        into.Append(Encoding.ASCII.GetBytes($"\"{name}\":["));
        foreach (var (i, item) in names.Index())
        {
            into.Append(i > 0 ? ","u8 : ""u8);
            EventText.Quoted(Encoding.UTF8.GetBytes(item), into);
        }

        into.Append("],"u8);
    }

    static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> record, (int Offset, int Size)? place)
    {
        if (place is not var (offset, size) || offset >= record.Length)
        {
            return [];
        }

        var text = record.Slice(offset, Math.Min(size, record.Length - offset));
        return text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;
    }
}
