using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Ebpf.Loading;

namespace Pm.Ebpf.Native;

/// <summary>
/// Takes sections of one object out of libbpf's hands, from before it is opened until it is loaded: their programs are loaded with numbers that are known already. Source:
/// libbpf_register_prog_handler of libbpf.h.
/// </summary>
/// <remarks>libbpf has one list of such handlers for the whole process and looks after it for one thread: who opens an object waits until the object before is loaded.</remarks>
sealed unsafe class SectionHandlers : IDisposable
{
    const int InvalidArgument = 22;
    const uint MayWait = 1 << 4; // BPF_F_SLEEPABLE

    /// <summary>What programs are until they are loaded: of a kind for which libbpf asks no types of the kernel (BPF_PROG_TYPE_RAW_TRACEPOINT).</summary>
    const int Meanwhile = 17;

    static readonly SemaphoreSlim Gate = new(1, 1);

    /// <summary>
    /// A handler that stays, of a section that nobody has: libbpf 1.1 frees its list with the last handler, and uses it again with the next (libbpf_unregister_prog_handler).
    /// </summary>
    static readonly HookNumber Kept = new("", "pm:kept", 0, 0, 0, false);

    static bool _isKept;

    /// <summary>Those of the object that is being loaded, by the programs' names.</summary>
    static Dictionary<string, HookNumber> _current = [];

    /// <summary>Programs of that object that libbpf asked about.</summary>
    static HashSet<string> _asked = [];

    readonly List<int> _registered = [];
    bool _isOver;

    SectionHandlers()
    {
    }

    /// <param name="numbers">May be none: libbpf has all sections, and nobody changes that meanwhile.</param>
    /// <exception cref="LibBpfException">It takes no handlers.</exception>
    public static SectionHandlers Take(IReadOnlyCollection<HookNumber> numbers)
    {
        Gate.Wait();
        var handlers = new SectionHandlers();
        try
        {
            (_current, _asked) = (numbers.ToDictionary(n => n.Program, StringComparer.Ordinal), []);
            handlers.Told = _asked;
            if (numbers.Count > 0 && !_isKept)
            {
                _ = Register(Kept);
                _isKept = true;
            }

            foreach (var number in numbers.DistinctBy(n => n.Section))
            {
                handlers._registered.Add(Register(number));
            }

            return handlers;
        }
        catch
        {
            handlers.Dispose();
            throw;
        }
    }

    /// <summary>The programs of which libbpf was told what they are for.</summary>
    public IReadOnlySet<string> Told { get; private set; } = new HashSet<string>();

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _registered.ForEach(r => _ = LibBpf.libbpf_unregister_prog_handler(r));
            Gate.Release();
        }
    }

    static int Register(HookNumber number)
    {
        var options = new SectionHandlerOptions { Size = (nuint)sizeof(SectionHandlerOptions), Prepare = &Prepare };
        fixed (byte* section = BpfObject.Terminated(number.Section))
        {
            return BpfObject.Check("libbpf_register_prog_handler", LibBpf.libbpf_register_prog_handler(section, number.IsOperation ? number.ProgramType : Meanwhile, number.AttachType, &options));
        }
    }

    /// <summary>Called for each of their programs before it is given to the kernel.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Prepare(nint program, ProgramLoadOptions* options, nint cookie)
    {
        var name = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(LibBpf.bpf_program__name(program)));
        if (!_current.TryGetValue(name, out var number))
        {
            return -InvalidArgument;
        }

        options->Flags |= number.IsSleepable ? MayWait : 0;
        if (number.IsOperation)
        {
            return 0;
        }

        _asked.Add(name);
        options->TypeId = number.TypeId;
        return LibBpf.bpf_program__set_type(program, number.ProgramType);
    }

    /// <summary>libbpf_prog_handler_opts of libbpf.h.</summary>
    struct SectionHandlerOptions
    {
        public nuint Size;
        public nint Cookie;
        public nint SetUp;
        public delegate* unmanaged[Cdecl]<nint, ProgramLoadOptions*, nint, int> Prepare;
        public nint Attach;
    }
}
