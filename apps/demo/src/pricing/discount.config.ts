import { ConfigClass } from '@corral/nest';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

/**
 * The shape of the document `discount`. A release that does not fit is refused by every instance before it is applied, and
 * whoever published it is told the field.
 */
@ConfigClass('discount')
export class DiscountConfig {
  @IsInt()
  @Min(0)
  @Max(90)
  readonly percent: number = 0;

  @IsString()
  @MaxLength(40)
  readonly label: string = 'everyday price';
}
