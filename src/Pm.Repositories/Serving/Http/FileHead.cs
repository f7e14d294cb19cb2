namespace Pm.Repositories.Serving.Http;

/// <summary>Which headers a file has, for every server of files. Source: RFC 9110; docs/formats/http.md.</summary>
public static class FileHead
{
    /// <summary>Writes them into <paramref name="head"/>.</summary>
    public static void Write<T>(ref T head, in FileAnswer answer, in FileChoice choice) where T : IFileHead, allows ref struct
    {
        var (file, sent) = (choice.File, choice.Sent);
        head.Add("ETag", sent.EntityTag);
        head.Add("Last-Modified", sent.LastModified);
        head.Add("Cache-Control", file.CacheControl);
        if (file.Varies)
        {
            head.Add("Vary", "Accept-Encoding");
        }

        switch (answer.Status)
        {
            case 206:
                head.AddRange((answer.Offset, answer.Offset + answer.Count - 1), sent.Length);
                break;
            case 416:
                head.AddRange(null, sent.Length);
                break;
        }

        if (answer.HasContent)
        {
            WriteContent(ref head, answer, choice);
        }
        else if (answer.Status != 304)
        {
            head.AddLength(0);
        }
    }

    static void WriteContent<T>(ref T head, in FileAnswer answer, in FileChoice choice) where T : IFileHead, allows ref struct
    {
        head.Add("Accept-Ranges", "bytes");
        head.Add("Content-Type", choice.File.ContentType);
        head.AddLength(answer.Count);
        head.Add("X-Content-Type-Options", "nosniff");
        if (choice.Sibling is not null)
        {
            head.Add("Content-Encoding", "zstd");
        }
    }
}
