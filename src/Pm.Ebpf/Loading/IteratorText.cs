using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>What a program writes that walks over something the kernel has many of. It walks while it is read, each time anew.</summary>
static class IteratorText
{
    const int PieceSize = 64 << 10;

    /// <param name="program">Its name, for messages.</param>
    /// <param name="link">What holds it at its hook.</param>
    /// <param name="take">Is given one piece after the other, perhaps an empty one; false ends it.</param>
    /// <exception cref="BpfException">PM8040: the kernel does not give it.</exception>
    public static void Read(string program, int link, Func<ReadOnlySpan<byte>, bool> take)
    {
        using var text = Open(program, link);
        var buffer = new byte[PieceSize];

        // It may have walked over many that it wrote nothing of: then it goes on when it is asked again.
        int? count;
        do
        {
            count = ReadNext(program, text, buffer);
        }
        while (count != 0 && take(buffer.AsSpan(0, count ?? 0)));
    }

    static SafeFileHandle Open(string program, int link)
    {
        try
        {
            return new SafeFileHandle(BpfObject.Check("bpf_iter_create", LibBpf.bpf_iter_create(link)), ownsHandle: true);
        }
        catch (LibBpfException e)
        {
            throw Failed(program, LibBpfText.Last(e));
        }
    }

    static int? ReadNext(string program, SafeFileHandle text, byte[] buffer)
    {
        try
        {
            return DescriptorReading.ReadNext(text, buffer);
        }
        catch (SystemCallException e)
        {
            throw Failed(program, e.Message);
        }
    }

    static BpfException Failed(string program, string why) => new(new BpfError("PM8040", $"the kernel does not give what program `{program}` writes: {why}"));
}
