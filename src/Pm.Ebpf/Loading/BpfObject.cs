using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Loading;

/// <summary>An object in the hands of libbpf: opened, changed where it may be, and loaded. Closing it unloads what nothing holds.</summary>
sealed unsafe class BpfObject : IDisposable
{
    /// <summary>libbpf may look at the bytes until the object is closed.</summary>
    readonly byte[] _bytes;
    readonly List<IDisposable> _held = [];
    readonly SectionHandlers _handlers;
    nint _handle;

    BpfObject(byte[] bytes, nint handle, SectionHandlers handlers)
    {
        (_bytes, _handle, _handlers) = (bytes, handle, handlers);
        Programs = [.. Handles(p => LibBpf.bpf_object__next_program(handle, p)).Select(p => new BpfProgram(p))];
        Maps = [.. Handles(m => LibBpf.bpf_object__next_map(handle, m)).Select(m => new BpfMap(m))];
    }

    public ImmutableArray<BpfProgram> Programs { get; }

    public ImmutableArray<BpfMap> Maps { get; }

    /// <summary>Programs that were loaded with what libbpf was told they are for.</summary>
    public IReadOnlySet<string> Told => _handlers.Told;

    /// <param name="bytes">The object.</param>
    /// <param name="name">What maps of its variables are called after.</param>
    /// <param name="typesPath">A file with the kernel's types, where the kernel has none; null for the kernel's own.</param>
    /// <param name="numbers">Of programs for which libbpf need not look among the kernel's types.</param>
    /// <exception cref="LibBpfException">It is none that libbpf takes.</exception>
    public static BpfObject Open(ReadOnlySpan<byte> bytes, string name, string? typesPath, IReadOnlyCollection<HookNumber> numbers)
    {
        BpfLibrary.Require();
        LibBpfLog.Take();
        var kept = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(kept);
        var handlers = SectionHandlers.Take(numbers);
        fixed (byte* named = Terminated(name), types = typesPath is null ? null : Terminated(typesPath))
        {
            var options = new ObjectOpenOptions { Size = ObjectOpenOptions.SizeInBytes, Name = named, TypesPath = types };
            var handle = LibBpf.bpf_object__open_mem((byte*)Marshal.UnsafeAddrOfPinnedArrayElement(kept, 0), (nuint)kept.Length, &options);
            if (handle != 0)
            {
                return new BpfObject(kept, handle, handlers);
            }

            var errno = Marshal.GetLastPInvokeError();
            handlers.Dispose();
            throw Failed("bpf_object__open_mem", errno);
        }
    }

    /// <summary>Keeps something open as long as this.</summary>
    public void Hold(IDisposable needed) => _held.Add(needed);

    /// <summary>Gives maps and programs to the kernel.</summary>
    /// <exception cref="LibBpfException">It refused one; the log says which.</exception>
    public void Load()
    {
        var result = LibBpf.bpf_object__load(_handle);
        _handlers.Dispose();
        Check("bpf_object__load", result);

        // What it remarked on the way has nothing to do with what comes.
        LibBpfLog.Take();
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            LibBpf.bpf_object__close(_handle);
            _handle = 0;
            _handlers.Dispose();
            _held.ForEach(h => h.Dispose());
            GC.KeepAlive(_bytes);
        }
    }

    internal static int Check(string call, int result) => result >= 0 ? result : throw Failed(call, -result);

    internal static LibBpfException Failed(string call, int errno) => new(call, errno, LibBpfLog.Take());

    internal static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    static List<nint> Handles(Func<nint, nint> next)
    {
        var all = new List<nint>();
        for (var handle = next(0); handle != 0; handle = next(handle))
        {
            all.Add(handle);
        }

        return all;
    }
}
