namespace Pm.Daemon.Answers;

/// <summary>The one table from error codes to statuses; what is not in it is the server's fault.</summary>
static class StatusTable
{
    public static int Of(string code) => code switch
    {
        "PM5036" or "PM5039" => StatusCodes.Status400BadRequest,
        "PM5030" => StatusCodes.Status401Unauthorized,
        "PM5031" => StatusCodes.Status403Forbidden,
        "PM5005" or "PM5037" => StatusCodes.Status404NotFound,
        "PM5003" or "PM5007" or "PM5018" => StatusCodes.Status409Conflict,
        "PM5033" => StatusCodes.Status413PayloadTooLarge,
        "PM5012" or "PM5034" or "PM5035" => StatusCodes.Status422UnprocessableEntity,
        "PM5032" => StatusCodes.Status429TooManyRequests,
        "PM5008" or "PM5040" or "PM5042" or "PM8110" => StatusCodes.Status503ServiceUnavailable,
        "PM0006" or "PM5038" => StatusCodes.Status507InsufficientStorage,

        // The server's own index, not a package that somebody sent.
        "PM2018" => StatusCodes.Status500InternalServerError,

        // A package that is damaged, altered, not signed by a publisher, or compressed as no package is.
        ['P', 'M', '2' or '3', ..] or "PM8001" or "PM8002" or "PM8003" or "PM8004" => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Whether the message names nothing of the machine, though the server is to blame.</summary>
    public static bool IsForEverybody(string code) => code is "PM5038" or "PM5040" or "PM5042";
}
