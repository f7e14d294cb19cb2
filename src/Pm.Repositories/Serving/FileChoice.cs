namespace Pm.Repositories.Serving;

/// <summary>A file that was asked for, and its compressed sibling where the client gets that. To be disposed.</summary>
public readonly record struct FileChoice(ServedFile File, ServedFile? Sibling) : IDisposable
{
    /// <summary>The one whose bytes are sent.</summary>
    public ServedFile Sent => Sibling ?? File;

    public FileAnswer Answer(in FileConditions conditions, bool isGet) =>
        FileAnswer.Decide(conditions, isGet, Sent.Length, Sent.EntityTag, Sent.Modified);

    public void Dispose()
    {
        File?.Dispose();
        Sibling?.Dispose();
    }
}
