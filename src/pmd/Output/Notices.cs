using System.Text;

namespace Pm.Daemon.Output;

/// <summary>What the daemon says to people: whole lines on standard error, nothing in them that steers a terminal.</summary>
sealed class Notices(Stream talk)
{
    readonly Lock _gate = new();

    public void Say(string message) => Write($"{Product.Name}: {message}");

    public void Warn(string message) => Write($"{Product.Name}: warning: {message}");

    public void Error(Failure failure)
    {
        Write($"{Product.Name}: error[{failure.Code}]: {failure.Message}");
        if (failure.Hint is not null)
        {
            Write($"hint: {failure.Hint}");
        }
    }

    void Write(string line)
    {
        lock (_gate)
        {
            try
            {
                talk.Write(Encoding.UTF8.GetBytes(Plain(line) + "\n"));
            }
            catch (IOException)
            {
                // Nobody reads it any more: no reason to stop serving.
            }
        }
    }

    static string Plain(string line)
    {
        if (!line.Any(char.IsControl))
        {
            return line;
        }

        var plain = new StringBuilder(line.Length + 16);
        foreach (var letter in line)
        {
            _ = char.IsControl(letter) ? plain.Append($"\\u{(int)letter:x4}") : plain.Append(letter);
        }

        return plain.ToString();
    }
}
