using Pm.Ebpf.Loading;
using Pm.Linux;

namespace Pm.Ebpf.Pinning;

/// <summary>
/// Something of pm's that is in the kernel whether somebody holds it or not, because the kernel has no link for it. What is written down of it in bpffs belongs to this process until it is disposed, which takes it
/// away, or moved to what runs on its own. Where the process is killed, the next pm takes it away (adr/0020).
/// </summary>
abstract class WrittenDown : IDisposable
{
    readonly string _place;
    readonly string _what;
    readonly Action<BpfError>? _left;
    bool _isOver;

    /// <param name="options">What its user says.</param>
    /// <param name="what">What it is, for messages: <c>the filter on lo ingress</c>.</param>
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be written down.</exception>
    protected WrittenDown(RunOptions options, string what)
    {
        (_what, _left) = (what, options.Left);
        Pins = PinDirectory.OpenOrMake(options.Patience);
        try
        {
            if (options.RunsOn && !PinDirectory.IsForAll)
            {
                throw new BpfException(new BpfError("PM8057", $"what would say that {what} is pm's ends with this view of the file systems, and it would not")
                {
                    Hint = "`nsenter --net=/run/netns/NAME pm run -d …` in place of `ip netns exec NAME …`",
                });
            }

            Pins.Sweep();
            (Directory, _place) = Pins.MakeAside();
        }
        catch
        {
            Pins.Dispose();
            throw;
        }
    }

    /// <summary>It was to be taken away, and could not be.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Where those of what runs on its own are written down, each by a number.</summary>
    public abstract string Several { get; }

    /// <summary>What it is written down as, where it is this process's.</summary>
    protected abstract string Alone { get; }

    protected PinDirectory Pins { get; }

    /// <summary>That of this process.</summary>
    protected DirectoryHandle Directory { get; }

    /// <summary>What is written down of it belongs to what runs on its own from here on, and so does it.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void Move(DirectoryHandle to, string name)
    {
        Directory.Rename(Alone, to, name, RenameMode.NoReplace);
        Dispose();
    }

    /// <summary>Takes it away, unless it is another's now. Why it stays, where it does, is told to who started it.</summary>
    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        try
        {
            Pins.RemoveAside(_place);
        }
        catch (BpfException e)
        {
            Leave(e.Error);
        }
        catch (LockBusyException e)
        {
            Leave(new BpfError("PM8059", $"{_what} cannot be taken away: {e.Message}")
            {
                Hint = $"{(e.Hint is { } command ? $"`{command}`, then " : "")}`sudo pm stop --all`",
            });
        }

        Directory.Dispose();
        Pins.Dispose();
    }

    /// <summary>It stays written down for the next who tries.</summary>
    void Leave(BpfError error)
    {
        IsLeft = true;
        _left?.Invoke(error);
    }
}
